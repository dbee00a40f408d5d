"""The body: MakeHuman's CC0 mesh in any shape, clothed, bent, with exact keypoints."""

"""How people hold themselves: sampled poses, falls, motions brought to the rig, hands."""

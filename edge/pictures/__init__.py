"""Pictures for people to look at; nothing here runs while a camera is watched."""

"""Many simulated cameras and one broker: what is sent, what arrives, and when."""

"""Labelled clips, recordings of them and a rule's alerts, judged: falls found and false alarms."""

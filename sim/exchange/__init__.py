"""Other programs' formats: event logs out, in what process miners and animators read."""

"""Work in the background as platform admins see and steer it."""

"""Page: read one page, in the small lane and in the heavy one."""

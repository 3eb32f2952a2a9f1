"""`make sam-local`: every function as SAM runs it, in Docker, against the embedded AWS."""

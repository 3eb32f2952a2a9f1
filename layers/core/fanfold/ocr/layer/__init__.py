"""What a page holds besides its picture: objects, images, and its text layer."""

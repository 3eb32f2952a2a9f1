"""Lost: dead letters become reasons."""

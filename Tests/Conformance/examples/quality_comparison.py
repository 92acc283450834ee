# Standard quality
standard = client.images.generate(
    prompt="Mountain landscape",
    quality="standard",
)

# HD quality (with gradient and patterns)
hd = client.images.generate(
    prompt="Mountain landscape",
    quality="hd",
)

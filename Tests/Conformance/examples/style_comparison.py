# Vivid style (bright colors)
vivid = client.images.generate(
    prompt="Abstract art",
    style="vivid",
)

# Natural style (muted colors)
natural = client.images.generate(
    prompt="Abstract art",
    style="natural",
)

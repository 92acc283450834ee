sizes = ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792"]

for size in sizes:
    response = client.images.generate(
        prompt=f"Test image for {size}",
        size=size,
    )
    print(f"{size}: {response.data[0].url}")

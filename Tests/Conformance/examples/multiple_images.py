# Generate 5 variations
response = client.images.generate(
    prompt="Diverse landscape scenes",
    n=5,
)

# Each image has unique colors and patterns
for i, img in enumerate(response.data, 1):
    print(f"Image {i}: {img.url}")

from openai import OpenAI

client = OpenAI(
    api_key="test",
    base_url="http://localhost:8000/v1"
)

# Generate image with URL
response = client.images.generate(
    model="dall-e-3",
    prompt="A beautiful sunset over mountains",
    size="1024x1024",
    quality="hd",
    style="vivid",
    n=2,
)

for img in response.data:
    print(f"Image URL: {img.url}")
    # Open in browser or download

# Generate image with base64
response = client.images.generate(
    model="dall-e-3",
    prompt="A futuristic city skyline",
    size="512x512",
    quality="standard",
    style="natural",
    response_format="b64_json",
)

# Decode and save
import base64
from PIL import Image
import io

img_data = base64.b64decode(response.data[0].b64_json)
img = Image.open(io.BytesIO(img_data))
img.save("output.png")

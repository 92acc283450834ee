# Generate image
curl -X POST http://localhost:8000/v1/images/generations \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer test" \
  -d '{
    "model": "dall-e-3",
    "prompt": "A serene lake at sunset",
    "size": "1024x1024",
    "quality": "hd",
    "style": "vivid",
    "n": 1
  }'

# Response includes URL like:
# {"data": [{"url": "http://localhost:8000/images/abc123.png"}]}

# Retrieve the generated image
curl http://localhost:8000/images/abc123.png -o output.png

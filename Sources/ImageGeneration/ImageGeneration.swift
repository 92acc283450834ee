// ImageGeneration

// ImagesAPI

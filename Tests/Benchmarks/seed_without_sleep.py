"""`fakeai …` without the seconds that it sleeps before each image."""

import sys

from fakeai.cli import main
from fakeai.services.image_generation_service import ImageGenerationService

ImageGenerationService._calculate_processing_delay = lambda *_: 0.0
sys.exit(main())

"""How does a web server call the product?"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "payvand.conf.settings.production")
application = get_wsgi_application()

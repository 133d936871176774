"""The application whose contract is tested; nothing runs before a request."""

from tempfile import TemporaryDirectory

from service.app import create_app
from service.settings import Settings

FOLDER = TemporaryDirectory()
APP = create_app(Settings(database_url=f"sqlite:///{FOLDER.name}/chainrule.db", workers=1))

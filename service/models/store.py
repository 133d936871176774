"""Models in the database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, select, update

from core.errors import counted
from core.export.network.npz import read_npz, write_npz
from core.neural_network import NeuralNetwork
from core.tables.schema import TableSchema
from service.jobs.job import new_job_id
from service.jobs.storage.schema import model_aliases, model_versions, models, queue
from service.jobs.storage.store import Store
from service.models.cache import LoadedModel, ModelCache
from service.models.errors import ModelConflict, ModelNotFound
from service.models.model import (
    LATEST,
    Model,
    ModelVersion,
    Origin,
    describe,
    from_description,
    has_same_columns,
)
from service.models.prediction import Predictor

_VERSION = (
    models.c.name,
    model_versions.c.model_id,
    model_versions.c.version,
    model_versions.c.created_at,
    model_versions.c.document,
)


MAX_DIGITS = 9
"""Of a version; more would not fit into the column."""


class ModelStore:
    """The models of one caller in the database of the jobs; every call is a transaction."""

    def __init__(self, store: Store, caller: str, cache: ModelCache) -> None:
        self._store = store
        self._cache = cache
        self._database = store.database
        self._caller = caller

    def add(
        self,
        name: str,
        network: NeuralNetwork,
        schema: TableSchema,
        origin: Origin,
        max_versions: int,
    ) -> ModelVersion:
        """Add a version to the model, which is created where there is none of this name.

        Raises `ModelConflict` for other columns than those of the latest version, and for more than
        `max_versions` versions of all models together; `OSError` where the disk is nearly full.
        """
        self._store.files.require_room()
        now = self._store.clock()
        with self._database.write() as connection:
            _one_at_a_time(connection)
            self._require_fewer(connection, max_versions)
            model_id = self._model_id(connection, name) or self._create(connection, name, now)
            self._require_same_columns(connection, name, schema)
            number = connection.execute(
                update(models)
                .where(models.c.id == model_id)
                .values(versions=models.c.versions + 1)
                .returning(models.c.versions)
            ).scalar_one()
            document = describe(network, schema, origin)
            connection.execute(
                insert(model_versions).values(
                    model_id=model_id,
                    version=number,
                    created_at=now,
                    document=document,
                    network=write_npz(network),
                )
            )
        self._cache.forget(self._caller, name)
        return from_description(model_id, name, number, datetime.fromtimestamp(now, UTC), document)

    def page(self, limit: int, after: str = "") -> tuple[list[Model], str | None]:
        """At most `limit` models by name, those after `after`, and the `after` of the next page."""
        wanted = (
            select(models.c.name)
            .where(models.c.caller == self._caller, models.c.name > after)
            .order_by(models.c.name)
            .limit(limit + 1)
        )
        with self._database.read() as connection:
            names = list(connection.scalars(wanted))
            found = [self._find(connection, name) for name in names[:limit]]
        return found, names[limit - 1] if len(names) > limit else None

    def find(self, name: str) -> Model:
        """Raise `ModelNotFound` unless the caller has a model of this name."""
        with self._database.read() as connection:
            return self._find(connection, name)

    def version(self, name: str, wanted: str = LATEST) -> ModelVersion:
        """The version of a number or an alias; raises `ModelNotFound`."""
        with self._database.read() as connection:
            row = self._version_row(connection, name, wanted)
        if row is None:
            self.find(name)
            raise ModelNotFound(name, wanted)
        return _version(row)

    def load(self, name: str, wanted: str = LATEST) -> LoadedModel:
        """The version with its network, from memory where it is fresh; raises `ModelNotFound`."""
        known = self._cache.get(self._caller, name, wanted)
        if known is not None:
            return known
        epoch = self._cache.epoch
        version = self.version(name, wanted)
        loaded = LoadedModel(version, Predictor(self.network(version), version.schema))
        self._cache.put(self._caller, name, wanted, loaded, epoch)
        return loaded

    def network(self, version: ModelVersion) -> NeuralNetwork:
        """The network of a version; raises `ModelNotFound` where it was deleted meanwhile."""
        content = select(model_versions.c.network).where(
            model_versions.c.model_id == version.model_id,
            model_versions.c.version == version.version,
        )
        with self._database.read() as connection:
            found = connection.execute(content).scalar_one_or_none()
        if found is None:
            raise ModelNotFound(version.name, version.version)
        return read_npz(bytes(found))

    def point(self, name: str, alias: str, number: int) -> None:
        """Let the alias stand for another version from one moment to the next.

        Raises `ModelNotFound`.
        """
        with self._database.write() as connection:
            _one_at_a_time(connection)
            row = self._version_row(connection, name, str(number))
            if row is None:
                raise ModelNotFound(name, number)
            this = _alias(row.model_id, alias)
            moved = connection.execute(update(model_aliases).where(this).values(version=number))
            if moved.rowcount == 0:
                connection.execute(
                    insert(model_aliases).values(model_id=row.model_id, alias=alias, version=number)
                )
        self._cache.forget(self._caller, name)

    def delete_alias(self, name: str, alias: str) -> None:
        """Raise `ModelNotFound` unless there is one."""
        with self._database.write() as connection:
            model_id = self._model_id(connection, name)
            gone = model_id and connection.execute(
                delete(model_aliases).where(_alias(model_id, alias))
            )
            if not gone or gone.rowcount == 0:
                raise ModelNotFound(name, alias)
        self._cache.forget(self._caller, name)

    def delete_version(self, name: str, number: int) -> None:
        """Raise `ModelNotFound`, and `ModelConflict` while an alias stands for the version."""
        with self._database.write() as connection:
            _one_at_a_time(connection)
            row = self._version_row(connection, name, str(number))
            if row is None:
                raise ModelNotFound(name, number)
            pointing = select(model_aliases.c.alias).where(
                model_aliases.c.model_id == row.model_id, model_aliases.c.version == number
            )
            aliases = sorted(connection.scalars(pointing))
            if aliases:
                raise ModelConflict(
                    f"version {number} of {name!r} is {', '.join(aliases)}; "
                    "move or delete the alias first"
                )
            connection.execute(
                delete(model_versions).where(
                    model_versions.c.model_id == row.model_id, model_versions.c.version == number
                )
            )
        self._cache.forget(self._caller, name)

    def delete(self, name: str) -> None:
        """Delete the model with all versions and aliases; raises `ModelNotFound`."""
        with self._database.write() as connection:
            this = and_(models.c.caller == self._caller, models.c.name == name)
            if connection.execute(delete(models).where(this)).rowcount == 0:
                raise ModelNotFound(name)
        self._cache.forget(self._caller, name)

    def _model_id(self, connection: Connection, name: str) -> str | None:
        this = and_(models.c.caller == self._caller, models.c.name == name)
        return connection.execute(select(models.c.id).where(this)).scalar_one_or_none()

    def _create(self, connection: Connection, name: str, now: float) -> str:
        model_id = new_job_id()
        row = {"id": model_id, "caller": self._caller, "name": name, "created_at": now}
        connection.execute(insert(models).values(**row, versions=0))
        return model_id

    def _find(self, connection: Connection, name: str) -> Model:
        this = and_(models.c.caller == self._caller, models.c.name == name)
        row = connection.execute(select(models.c.id, models.c.created_at).where(this)).one_or_none()
        if row is None:
            raise ModelNotFound(name)
        versions = connection.execute(self._versions(name).order_by(model_versions.c.version)).all()
        aliases = connection.execute(
            select(model_aliases.c.alias, model_aliases.c.version)
            .where(model_aliases.c.model_id == row.id)
            .order_by(model_aliases.c.alias)
        ).all()
        return Model(
            name,
            datetime.fromtimestamp(row.created_at, UTC),
            tuple(map(_version, versions)),
            {alias.alias: alias.version for alias in aliases},
        )

    def _versions(self, name: str) -> Select[Any]:
        return (
            select(*_VERSION)
            .join(models, models.c.id == model_versions.c.model_id)
            .where(models.c.caller == self._caller, models.c.name == name)
        )

    def _version_row(self, connection: Connection, name: str, wanted: str) -> Row[Any] | None:
        found = self._versions(name)
        if wanted == LATEST:
            found = found.order_by(model_versions.c.version.desc()).limit(1)
        elif wanted.isdecimal():
            number = int(wanted) if len(wanted) <= MAX_DIGITS else 0
            found = found.where(model_versions.c.version == number)
        else:
            same = and_(
                model_aliases.c.model_id == model_versions.c.model_id,
                model_aliases.c.version == model_versions.c.version,
            )
            found = found.join(model_aliases, same).where(model_aliases.c.alias == wanted)
        return connection.execute(found).one_or_none()

    def _require_same_columns(self, connection: Connection, name: str, schema: TableSchema) -> None:
        row = self._version_row(connection, name, LATEST)
        if row is not None and not has_same_columns(_version(row).schema, schema):
            raise ModelConflict(
                f"the versions of {name!r} have other inputs, outputs or classes; take another name"
            )

    def _require_fewer(self, connection: Connection, max_versions: int) -> None:
        count = (
            select(func.count())
            .select_from(model_versions)
            .join(models, models.c.id == model_versions.c.model_id)
            .where(models.c.caller == self._caller)
        )
        kept = connection.execute(count).scalar_one()
        if kept >= max_versions:
            raise ModelConflict(
                f"you have {counted(kept, 'version')} of models already; delete some first"
            )


def _one_at_a_time(connection: Connection) -> None:
    """Hold off other changes of models: SQLite does so by itself, PostgreSQL by a row's lock."""
    connection.execute(update(queue).values(accepted=queue.c.accepted))


def _alias(model_id: str, alias: str) -> Any:
    return and_(model_aliases.c.model_id == model_id, model_aliases.c.alias == alias)


def _version(row: Row[Any]) -> ModelVersion:
    created_at = datetime.fromtimestamp(row.created_at, UTC)
    return from_description(row.model_id, row.name, row.version, created_at, row.document)

"""Documents -> what is known of their corpus -> profiles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from flong._errors import UnreadableError, UsageError
from flong.spark._maps import Files, Knowledge, Maps
from flong.spark._stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: Parts whose counts are summed up in one task.
FAN_IN = 16

#: Bytes of counts of hashes that each process may read as a whole: it holds about 1.6 times as much.
MAX_KNOWN = 512 << 20

#: Documents that get the counts of their hashes together, where those of all are too many.
BLOCK = 20_000

#: The number of the part that has titles, among the parts of hashes.
TITLES = -1


class Corpus:
    """A corpus that is counted, profiled and ranked, stage by stage."""

    def __init__(
        self, data: DataFrame, order: str | None, maps: Maps, stages: Stages, *, strict: bool, max_known: int = MAX_KNOWN
    ) -> None:
        self.maps, self.stages, self.order = maps, stages, order
        self.columns = data.schema
        self.read = stages.table("read", lambda: self._read(data))
        if strict:
            self._refuse_skipped()
        self.documents = self.read.where("flong_skipped is null").drop("flong_skipped")
        observed = stages.table("observed", lambda: maps(self.documents, "observe"))
        self.rows = observed.where("number is not null").drop("from", "seq", "part", "bytes")
        self._refuse_repeats()
        first = self._summed("first", observed.where("from is not null").select("from", "seq", "bytes"), "sum_first")
        self.parts = stages.table("parts", lambda: self._parts(observed))
        size = self.parts.agg(F.sum(F.octet_length("bytes"))).collect()[0][0] or 0
        is_joined = size > max_known
        known = Knowledge(first, None if is_joined else stages.files("parts"))
        self.sources = stages.table("sources", self._sources)
        self.ranks = stages.table("ranks", self._ranks)
        self.prepared = stages.table("prepared", self._prepared)
        counted = profiled = self.prepared
        titles, extra = None, None
        if is_joined:
            slices, extra = stages.table("slices", self._slices), "slices"
            counted = self._with(slices)
            profiled = self._with(slices.unionByName(stages.table("title_slices", self._title_slices)))
        else:
            stages.table("titles", self._titles)
            titles = stages.files("titles")
        counts = stages.table("counts", lambda: maps(counted, "observe_again", extra=extra, knowledge=known))
        second = self._summed("second", counts, "sum_second")
        known = replace(known, second=second, titles=titles)
        self.profiles = stages.table("profiles", lambda: maps(profiled, "profile", extra=extra, knowledge=known))

    def _read(self, data: DataFrame) -> DataFrame:
        if self.order is not None:
            if self.order not in data.columns:
                raise UsageError(f"there is no column {self.order}; there are {', '.join(data.columns)}")
            # Its own column keeps its type.
            data = data.withColumn("flong_number", F.col(self.order).try_cast("long"))
        self.maps.check(data.schema, "read", self.order)
        added = [StructField("flong_id", StringType()), StructField("flong_skipped", StringType())]
        read = self.maps(data, "read", extra=self.order, schema=StructType([*data.schema.fields, *added]))
        if self.order is not None:
            return read
        return read.sort("flong_id").withColumn("flong_number", F.monotonically_increasing_id())

    def _refuse_skipped(self) -> None:
        skipped = self.read.where("flong_skipped is not null").first()
        if skipped is not None:
            row = "" if self.order is None else f"row {skipped[self.order]}: "
            raise UnreadableError(f"{row}{skipped['flong_skipped']}; without strict=True it is skipped")

    def _refuse_repeats(self) -> None:
        column = "id" if self.order is None else "number"
        repeated = self.rows.groupBy(column).count().where("count > 1").first()
        if repeated is not None and self.order is None:
            raise UsageError(
                f"the id {repeated[0]} occurs {repeated[1]} times; documents have no order then: name a column that numbers "
                "them with order="
            )
        if repeated is not None:
            raise UsageError(f"the column {self.order} has the number {repeated[0]} {repeated[1]} times; each row needs its own")

    def _summed(self, name: str, counts: DataFrame, step: str) -> Files:
        """Sum up counts over a tree of tasks, and return the files of the sum."""

        def summed() -> DataFrame:
            table, parts = counts, counts.agg(F.count_distinct("from")).collect()[0][0]
            while parts > FAN_IN:
                parts = -(-parts // FAN_IN)
                table = self.maps(table.repartition(parts, "from").sortWithinPartitions("from", "seq"), step)
            table = table.repartition(1).sortWithinPartitions("from", "seq")
            return self.maps(table, step, extra="last")

        self.stages.table(name, summed)
        return self.stages.files(name)

    def _parts(self, observed: DataFrame) -> DataFrame:
        """Count hashes part by part, each wherever in the corpus they are, and keep what repeats."""
        hashes = observed.where("part is not null").select("part", "bytes")
        return self.maps(hashes.repartition("part").sortWithinPartitions("part"), "count_parts")

    def _in_blocks(self) -> DataFrame:
        return self.prepared.withColumn("flong_block", F.expr(f"flong_number div {BLOCK}"))

    def _slices(self) -> DataFrame:
        """Return the counts of the hashes that the documents of each block have: what a block asks for, joined by part."""
        documents = self._in_blocks().repartition("flong_block").sortWithinPartitions("flong_block")
        asked = self.maps(documents, "ask")
        parts = self.parts.select(
            F.lit(None).cast("long").alias("flong_block"), F.col("part").alias("flong_part"), F.col("bytes").alias("flong_bytes")
        )
        rows = asked.unionByName(parts).repartition("flong_part")
        return self.maps(rows.sortWithinPartitions("flong_part", F.asc_nulls_first("flong_block")), "answer")

    def _title_slices(self) -> DataFrame:
        """Return the titles that some document of each block may promote, joined by their first words."""
        asked = self.rows.select(F.expr(f"number div {BLOCK}").alias("flong_block"), F.explode("asked").alias("key")).distinct()
        titles = self.rows.select(F.col("title").alias("flong_bytes"), F.explode("title_keys").alias("key")).distinct()
        found = titles.join(asked, "key").select("flong_block", F.lit(TITLES).alias("flong_part"), "flong_bytes")
        return found.distinct()

    def _with(self, slices: DataFrame) -> DataFrame:
        """Return the documents block by block, each after the slices of it."""
        rows = self._in_blocks().unionByName(slices, allowMissingColumns=True).repartition("flong_block")
        return rows.sortWithinPartitions("flong_block", F.asc_nulls_last("flong_part"))

    def _sources(self) -> DataFrame:
        return self.rows.groupBy("source").agg(
            F.count("*").alias("source_documents"), F.expr("bit_or(shown)").alias("shown")
        )

    def anywhere(self) -> DataFrame:
        """Return the orders of day and month that the dates of all documents show, in one row."""
        return self.sources.agg(F.expr("coalesce(bit_or(shown), 0)").alias("shown_anywhere"))

    def _ranks(self) -> DataFrame:
        rows = self.rows.drop("shown").join(self.sources, "source").crossJoin(F.broadcast(self.anywhere()))
        keys = self.maps(rows, "rank")
        return keys.sort("rank_key").select("number", F.monotonically_increasing_id().alias("rank"))

    def _titles(self) -> DataFrame:
        """Return the titles that some document may promote."""
        asked = self.rows.select(F.explode("asked").alias("key")).distinct()
        titles = self.rows.select("title", F.explode("title_keys").alias("key"))
        return titles.join(asked, "key", "left_semi").select("title").distinct()

    def _prepared(self) -> DataFrame:
        """Return the documents with what is decided by comparing all of those with one text, stub or source."""
        counted = self.rows.groupBy("text").agg(F.expr("min(struct(title, number)).number").alias("counted"))
        stubs = self.rows.where("stub is not null").select("stub", "stub_text", "title", "source").join(self.sources, "source")
        stubs = self.maps(stubs.repartition("stub").sortWithinPartitions("stub"), "stubs")
        facts = self.rows.select("number", "source", "text", "stub").join(self.sources, "source")
        facts = facts.join(counted, "text").join(stubs, "stub", "left")
        facts = facts.select(
            F.col("number").alias("flong_number"),
            F.col("source_documents").alias("flong_source_documents"),
            F.expr("number = counted").alias("flong_is_counted"),
            F.col("stub_certain").alias("flong_stub_certain"),
            F.col("stub_share").alias("flong_stub_share"),
        )
        return self.documents.join(facts, "flong_number")

"""Clusters -> cleaned documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, IntegerType, StructField, StructType

from flong.spark._count import Corpus
from flong.spark._maps import Maps
from flong.spark._match import Matched
from flong.spark._stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class Judged:
    """The documents of a corpus with their fates, edited texts and lines of the ledger."""

    def __init__(self, corpus: Corpus, matched: Matched, maps: Maps, stages: Stages) -> None:
        self.corpus, self.matched, self.maps, self.stages = corpus, matched, maps, stages
        self.columns = [field.name for field in corpus.columns.fields]
        self.judged = stages.table("judged", self._judged)

    def _judged(self) -> DataFrame:
        led = self.matched.led
        for side in ("first", "second"):
            led = led.withColumn(f"{side}_whole", F.lit(False))
        wholes = self.maps(led.where("lead_side is not null and grain = 'document'"), "wholes").distinct()
        led = self.matched.led
        for side in ("first", "second"):
            whole = wholes.select(F.col("document").alias(side), F.lit(True).alias(f"{side}_whole"))
            led = led.join(whole, side, "left")
        ties = self.maps(led, "ties").groupBy("tied").agg(F.collect_list("tie").alias("flong_ties"))
        alone = self.corpus.profiles.select(
            F.col("number").alias("flong_number"), F.col("findings").alias("flong_findings")
        )
        documents = self.corpus.documents
        rows = documents.join(alone, "flong_number").join(ties, documents["flong_number"] == ties["tied"], "left")
        rows = rows.select(*documents.columns, "flong_findings", "flong_ties")
        added = [StructField("flong_fate", IntegerType()), StructField("flong_ledger", BinaryType())]
        schema = StructType([*documents.schema.fields, *added])
        return self.maps(rows, "judge", schema=schema)

    def table(self) -> DataFrame:
        """Return the documents that are kept."""
        return self.judged.where("flong_fate < 2").select(*self.columns)

    def dropped(self) -> DataFrame:
        """Return the rows that are not kept: documents that were dropped, and rows that are no documents."""
        dropped = self.judged.where("flong_fate = 2").select(*self.columns)
        return dropped.unionByName(self.corpus.read.where("flong_skipped is not null").select(*self.columns))

    def ledger(self) -> DataFrame:
        """Return a line for each piece that was removed or marked."""
        lines = self.maps(self.judged.where("flong_ledger is not null").select("flong_number", "flong_ledger"), "ledger")
        return lines.drop("number")

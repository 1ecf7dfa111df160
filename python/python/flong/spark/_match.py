"""Profiles -> candidate pairs -> matches -> clusters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from flong.spark._count import Corpus
from flong.spark._maps import Maps
from flong.spark._stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: Edges that one task covers with stars; more are covered by rounds of joins.
MAX_EDGES = 2_000_000


class Matched:
    """The matches of a corpus, in the order of units, and the clusters that they make."""

    def __init__(self, corpus: Corpus, maps: Maps, stages: Stages, max_edges: int = MAX_EDGES) -> None:
        self.corpus, self.maps, self.stages, self.max_edges = corpus, maps, stages, max_edges
        self.candidates = stages.table("candidates", self._candidates)
        self.likely = stages.table("likely", self._likely)
        self.compared = stages.table("compared", self._compared)
        self.edges = stages.table("edges", self._edges)
        self.followers = stages.table("followers", self._followers)
        self.led = stages.table("led", self._led)

    def _candidates(self) -> DataFrame:
        keys = self.corpus.profiles.select("number", "keys").join(self.corpus.ranks, "number")
        entries = self.maps(keys, "entries").repartition("key")
        pairs = self.maps(entries.sortWithinPartitions("key", "rank", "start", "piece"), "pairs")
        shared = pairs.groupBy("x", "y", "pieces").agg(F.count("*").alias("shared"), F.min("needed").alias("needed"))
        return shared.where("shared >= needed").groupBy("x", "y").agg(F.collect_list("pieces").alias("pieces"))

    def _likely(self) -> DataFrame:
        """Return the candidates that may match by what the outlines of documents show, so that only these fetch whole portraits."""
        return self.maps(self._beside(self.candidates, "outline"), "likely")

    def _compared(self) -> DataFrame:
        return self.maps(self._beside(self.likely, "portrait"), "verify")

    def _beside(self, pairs: DataFrame, what: str) -> DataFrame:
        """Return pairs with a column of the profile of the second document, after the portrait of the first."""
        profiles = self.corpus.profiles
        seconds = pairs.join(profiles.select(F.col("number").alias("y"), what), "y")
        firsts = profiles.select(F.col("number").alias("x"), "portrait").join(pairs.select("x").distinct(), "x")
        rows = seconds.select("x", "y", what, "pieces").unionByName(firsts, allowMissingColumns=True)
        return rows.repartition("x").sortWithinPartitions("x", F.asc_nulls_first("y"))

    def _edges(self) -> DataFrame:
        found = self.compared
        sides = [found.select(F.col(side).alias("u"), F.col(f"{side}_piece").alias("p"), "said") for side in "ab"]
        best = sides[0].unionByName(sides[1]).groupBy("u", "p").agg(F.max("said").alias("best"))
        for side in "ab":
            found = found.join(best.toDF(side, f"{side}_piece", f"best_{side}"), [side, f"{side}_piece"])
        stand = self.stages.table("stand", lambda: self.maps(found, "stand"))
        back = stand.where("back is not null").select(
            F.expr("if(back_side = 0, a, b)").alias("u"), F.expr("if(back_side = 0, a_piece, b_piece)").alias("p"), "back"
        )
        back = back.groupBy("u", "p").agg(F.max("back").alias("back"))
        found = stand.drop("back")
        for side in "ab":
            found = found.join(back.toDF(side, f"{side}_piece", f"{side}_back"), [side, f"{side}_piece"], "left")
            found = found.join(self.corpus.ranks.toDF(side, f"{side}_rank"), side)
        return self.maps(found, "orient")

    def _followers(self) -> DataFrame:
        """Return the units that lead no star, by the graph in which they do not."""
        copies = self.stages.table("taken0", lambda: self._taken(self.edges.where("graph = 0"), 0))
        found = [copies.withColumn("graph", F.explode(F.array(*map(F.lit, (0, 1, 2)))))]
        for graph in (1, 2):
            edges = self.edges.where(f"graph = {graph}")
            for side in ("first", "second"):
                edges = edges.join(copies.toDF(side, f"{side}_piece"), [side, f"{side}_piece"], "left_anti")
            taken = self.stages.table(f"taken{graph}", partial(self._taken, edges, graph))
            found.append(taken.withColumn("graph", F.lit(graph)))
        return found[0].unionByName(found[1]).unionByName(found[2]).distinct()

    def _taken(self, edges: DataFrame, graph: int) -> DataFrame:
        """Return the units that lead no star in a graph: an earlier one that leads matches them.

        In each round the units lead that no other comes before, and what they match is out. The rest is covered in one task
        as soon as it is small enough.
        """
        ends = [f"{side}{what}" for side in ("first", "second") for what in ("", "_piece", "_order")]
        edges, taken, number = edges.select(*ends), [], 0
        while edges.count() > self.max_edges:
            number += 1
            edges, out = self._round(edges, f"round{graph}-{number}")
            taken.append(out)
        rest = self.maps(edges.repartition(1), "stars")
        for out in taken:
            rest = rest.unionByName(out)
        return rest.distinct()

    def _round(self, edges: DataFrame, name: str) -> tuple[DataFrame, DataFrame]:
        """Return the edges that are left after a round, and the units that are out."""
        first, second = ["first", "first_piece"], ["second", "second_piece"]
        later = edges.select(*second).distinct().toDF(*first)
        heads = edges.join(later, first, "left_anti").select(*first).distinct()
        out = self.stages.table(f"{name}-out", lambda: edges.join(heads, first).select(*second).distinct())
        gone = heads.unionByName(out.toDF(*first))
        left = edges.join(gone, first, "left_anti").join(out, second, "left_anti").select(*edges.columns)
        return self.stages.table(name, lambda: left), out.toDF("document", "piece")

    def _led(self) -> DataFrame:
        """Return the edges with the side that leads the cluster that they are in, and the ids of the documents."""
        found, named = self.edges, self.corpus.rows.select("number", "id", "correction")
        for side in ("first", "second"):
            follows = self.followers.select(
                F.col("document").alias(side),
                F.col("piece").alias(f"{side}_piece"),
                "graph",
                F.lit(True).alias(f"{side}_follows"),
            )
            found = found.join(follows, [side, f"{side}_piece", "graph"], "left")
            found = found.join(named.toDF(side, f"{side}_id", f"{side}_correction"), side)
        found = found.withColumn(
            "lead_side", F.expr("case when first_follows is null then 0 when second_follows is null then 1 end")
        )
        lead = {
            f"lead{what}": F.expr(f"case lead_side when 0 then first{what} when 1 then second{what} end")
            for what in ("", "_piece", "_unit", "_id", "_start", "_end")
        }
        # Copies and rewordings around one unit are one cluster.
        found = found.withColumns({**lead, "graph_class": F.expr("if(graph = 2, 2, 0)")})
        heads = found.where("lead is not null").select("lead", "lead_piece", "lead_unit", "lead_id", "graph_class")
        ids = self.maps(heads.distinct(), "named")
        found = found.drop("first_follows", "second_follows", "lead_unit")
        return found.join(ids, ["lead", "lead_piece", "graph_class"], "left")

    def matches(self) -> DataFrame:
        """Return the matches as users see them."""
        sides = [
            F.col(f"{side}_{what}").alias(f"{name}{suffix}")
            for side, name in (("first", "a"), ("second", "b"))
            for what, suffix in (("id", ""), ("start", "_start"), ("end", "_end"))
        ]
        measures = ("jaccard", "containment", "weighted", "aligned", "score", "cluster")
        own = [F.col(name).alias(f"flong_{name}") for name in ("first", "first_unit", "second", "second_unit", "verified")]
        found = self.led.select(*sides, "grain", "kind", *measures, *own)
        seen = [field for field in found.schema.fields if not field.name.startswith("flong_")]
        for side in ("first", "second"):
            names = [f"flong_{side}{what}" for what in ("", "_source", "_date", "_shown", "_agency")]
            found = found.join(self._origins().toDF(*names), names[0])
        found = found.crossJoin(F.broadcast(self.corpus.anywhere().toDF("flong_shown_anywhere")))
        added = [StructField(name, StringType()) for name in ("source", "source_by")]
        return self.maps(found, "sourced", schema=StructType([*seen, *added]))

    def _origins(self) -> DataFrame:
        """Return what shows of each document where its text comes from."""
        rows = self.corpus.rows.select("number", "source", "source_name", "date")
        rows = rows.join(self.corpus.sources.select("source", "shown"), "source")
        rows = rows.join(self.corpus.profiles.select("number", "agency"), "number")
        return rows.select("number", "source_name", "date", "shown", "agency")

    def clusters(self) -> DataFrame:
        """Return the clusters as users see them: a row for each member."""
        led = self.led.where("lead is not null")
        by = ["cluster", "grain", "lead", "lead_id", "lead_start", "lead_end"]
        groups = led.groupBy(*by).agg(
            F.expr("max(struct(looseness, kind)).kind").alias("kind"),
            F.expr("least(min(score), cast(1 as float))").alias("least_similarity"),
        )
        heads = groups.select(
            "cluster", F.lit(True).alias("representative"), F.col("lead").alias("number"),
            F.col("lead_id").alias("document"), F.col("lead_start").alias("start"), F.col("lead_end").alias("end"),
        )
        member = [
            F.expr(f"if(lead_side = 0, second{what}, first{what})").alias(name)
            for what, name in (("", "number"), ("_id", "document"), ("_start", "start"), ("_end", "end"))
        ]
        members = led.select("cluster", F.lit(False).alias("representative"), *member).unionByName(heads)
        named = groups.select("cluster", "grain", "kind", "least_similarity")
        agencies = self.corpus.profiles.select("number", "agency")
        return (
            members.join(named, "cluster")
            .join(agencies, "number")
            .select(
                "cluster", "grain", "kind", "least_similarity", "representative", "document", "start", "end", "agency"
            )
        )

-- CreateTable
CREATE TABLE "rollup" (
    "generation" INTEGER NOT NULL,
    "agent" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "span" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "key" TEXT NOT NULL,
    "counts" JSON NOT NULL,
    "sums" JSON NOT NULL,
    "buckets" INTEGER[],
    "held" INTEGER[],

    CONSTRAINT "rollup_pkey" PRIMARY KEY ("generation","agent","dimension","span","at","key")
);

-- CreateTable
CREATE TABLE "fold" (
    "generation" INTEGER NOT NULL,
    "serving" BOOLEAN NOT NULL,
    "event_id" BIGINT NOT NULL,
    "mark_id" BIGINT NOT NULL,
    "horizon" BIGINT NOT NULL,
    "marked_at" TIMESTAMPTZ(3),
    "as_of" TIMESTAMPTZ(3),

    CONSTRAINT "fold_pkey" PRIMARY KEY ("generation")
);

-- Everything recorded so far is folded like what comes.
INSERT INTO "fold" ("generation", "serving", "event_id", "mark_id", "horizon") VALUES (1, true, 0, 0, 0);

-- A person's vote before another one of theirs.
CREATE INDEX "event_vote_by_person" ON "event"("person", "id" DESC) WHERE "type" = 'vote.cast';

-- CreateTable
CREATE TABLE "log" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "origin" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "event_id" BIGINT NOT NULL,
    "skipped" JSON NOT NULL,
    "sealed_at" TIMESTAMPTZ(3),
    "witnessed" BIGINT NOT NULL,

    CONSTRAINT "log_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "log_is_one_row" CHECK ("id" = 1)
);

-- CreateTable
CREATE TABLE "log_tile" (
    "level" INTEGER NOT NULL,
    "index" BIGINT NOT NULL,
    "hashes" BYTEA NOT NULL,
    "events" BIGINT[],

    CONSTRAINT "log_tile_pkey" PRIMARY KEY ("level","index")
);

-- CreateTable
CREATE TABLE "checkpoint" (
    "size" BIGINT NOT NULL,
    "note" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("size")
);

-- CreateIndex
CREATE INDEX "checkpoint_sealed_at_idx" ON "checkpoint"("sealed_at");

INSERT INTO "log" ("id", "origin", "size", "event_id", "skipped", "witnessed")
VALUES (1, 'countersign/' || gen_random_uuid(), 0, 0, '[]', 0);

-- What was said of the log stays said.
CREATE FUNCTION "refuse_checkpoint_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'checkpoints are append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "checkpoint_is_append_only" BEFORE UPDATE OR DELETE ON "checkpoint"
    FOR EACH ROW EXECUTE FUNCTION "refuse_checkpoint_change"();
CREATE TRIGGER "checkpoint_is_not_truncated" BEFORE TRUNCATE ON "checkpoint"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_checkpoint_change"();

-- A tile is added to until it is full, and what is in it stays as it is.
CREATE FUNCTION "refuse_tile_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW."level" = OLD."level" AND NEW."index" = OLD."index"
            AND substring(NEW."hashes" FOR length(OLD."hashes")) = OLD."hashes"
            AND NEW."events"[1:cardinality(OLD."events")] = OLD."events" THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'tiles of the audit log only grow' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "log_tile_only_grows" BEFORE UPDATE OR DELETE ON "log_tile"
    FOR EACH ROW EXECUTE FUNCTION "refuse_tile_change"();
CREATE TRIGGER "log_tile_is_not_truncated" BEFORE TRUNCATE ON "log_tile"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_tile_change"();

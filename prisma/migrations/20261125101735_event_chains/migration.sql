-- Each event gets a hash that also covers the event before it: see docs/evidence.md. What was there before is chained here, by
-- the same rule, so that there is one rule; what it says is vouched for from this migration on.

-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "head" BYTEA;

-- AlterTable
ALTER TABLE "event" ADD COLUMN     "hash" BYTEA,
ADD COLUMN     "person" TEXT;

-- CreateTable
CREATE TABLE "admin_chain" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "events" INTEGER NOT NULL,
    "head" BYTEA NOT NULL,

    CONSTRAINT "admin_chain_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "admin_chain_is_one_row" CHECK ("id" = 1)
);

-- Columns are added to events, and no event is changed: the trigger is put back below.
ALTER TABLE "event" DISABLE TRIGGER "event_is_append_only";

UPDATE "event" SET
  "seq" = numbered.seq,
  "person" = CASE WHEN "event"."type" = 'approval.requested' THEN "body"::json->'data'->>'on_behalf_of'
    ELSE "body"::json->'actor'->>'slack_user_id' END
FROM (
  SELECT "id", coalesce("seq", row_number() OVER (PARTITION BY "approval_id" ORDER BY "id")) AS seq FROM "event"
) AS numbered
WHERE "event"."id" = numbered.id;

DO $$
DECLARE
  one record;
  of_chain text;
  head bytea := decode(repeat('00', 32), 'hex');
BEGIN
  FOR one IN SELECT "id", coalesce("approval_id", '') AS chain, "body" FROM "event" ORDER BY 2, "seq" LOOP
    IF of_chain IS DISTINCT FROM one.chain THEN
      head := decode(repeat('00', 32), 'hex');
    END IF;
    head := sha256('\x02'::bytea || head || convert_to(one.body, 'UTF8'));
    UPDATE "event" SET "hash" = head WHERE "id" = one.id;
    of_chain := one.chain;
  END LOOP;
END $$;

ALTER TABLE "event" ENABLE TRIGGER "event_is_append_only";

UPDATE "approval" SET "head" = coalesce(
  (SELECT "hash" FROM "event" WHERE "approval_id" = "approval"."id" AND "seq" = "approval"."events"),
  decode(repeat('00', 32), 'hex'));

INSERT INTO "admin_chain" ("id", "events", "head")
SELECT 1, count(*), coalesce((array_agg("hash" ORDER BY "seq" DESC))[1], decode(repeat('00', 32), 'hex'))
FROM "event" WHERE "approval_id" IS NULL;

-- AlterTable
ALTER TABLE "approval" ALTER COLUMN "head" SET NOT NULL;

-- AlterTable
ALTER TABLE "event" ALTER COLUMN "hash" SET NOT NULL,
ALTER COLUMN "seq" SET NOT NULL,
ADD CONSTRAINT "event_hash_is_sha256" CHECK (length("hash") = 32);

CREATE UNIQUE INDEX "event_admin_seq" ON "event"("seq") WHERE "approval_id" IS NULL;

-- What the audit is searched by: a person, a tool, the business object.
CREATE INDEX "event_person" ON "event"("person", "at" DESC, "id" DESC) WHERE "person" IS NOT NULL;

-- CreateIndex
CREATE INDEX "approval_tool_created_at_id_idx" ON "approval"("tool", "created_at" DESC, "id" DESC);

CREATE INDEX "approval_subject" ON "approval"(("request"->'subject'->>'id'), "created_at" DESC, "id" DESC)
  WHERE "request"->'subject'->>'id' IS NOT NULL;

-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "freeze" JSON,
ADD COLUMN     "valid_until" TIMESTAMPTZ(3),
ADD COLUMN     "withdrawn" JSON;

-- CreateTable
CREATE TABLE "desk" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" INTEGER NOT NULL,

    CONSTRAINT "desk_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "freeze" (
    "id" TEXT NOT NULL,
    "agent_id" TEXT,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "lifted_at" TIMESTAMPTZ(3),

    CONSTRAINT "freeze_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "freeze_lifted_at_idx" ON "freeze"("lifted_at");

-- CreateIndex
CREATE INDEX "approval_valid_until_idx" ON "approval"("valid_until");

INSERT INTO "desk" ("id", "epoch") VALUES (1, 0);

-- The epoch as it is once nobody is changing it any more: a statement in here sees what was committed while it waited, which
-- the statement around it does not. The lock is the one of store/database.ts.
CREATE FUNCTION desk_epoch() RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1129530437);
  RETURN (SELECT epoch FROM desk);
END $$;

-- What is there already.
UPDATE "approval" SET "valid_until" = "decided_at" + ("plan"->>'valid_for_ms')::bigint * interval '1 millisecond'
  WHERE "status" = 'approved';
UPDATE "approval" SET "escalation" = ("escalation"::jsonb || '{"thawed_ms": 0}')::json,
  "stages" = (SELECT coalesce(json_agg(stage::jsonb || '{"thawed_ms": 0}'), '[]') FROM json_array_elements("stages") AS stage);

-- DropIndex
DROP INDEX "approval_valid_until_idx";

-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "consumed" JSON,
ADD COLUMN     "outcome" JSON,
ADD COLUMN     "missed_at" TIMESTAMPTZ(3),
ADD COLUMN     "permit" TEXT,
ADD COLUMN     "unspent" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "signing_key" ADD COLUMN     "ends_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "run" (
    "agent_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "cost_amount" DECIMAL(24,12),
    "cost_currency" TEXT,
    "input_tokens" BIGINT,
    "output_tokens" BIGINT,
    "tool_calls" INTEGER,
    "tool_errors" INTEGER,
    "tool_retries" INTEGER,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_pkey" PRIMARY KEY ("agent_id","run_id")
);

-- CreateIndex
CREATE INDEX "run_updated_at_idx" ON "run"("updated_at");

-- CreateIndex
CREATE INDEX "approval_unspent_valid_until_idx" ON "approval"("unspent", "valid_until");

-- What is there already. What was approved before there were permits has none.
UPDATE "approval" SET "unspent" = "withdrawn" IS NULL,
    "valid_until" = "decided_at" + ("plan"->>'valid_for_ms')::bigint * interval '1 millisecond'
  WHERE "status" = 'approved';

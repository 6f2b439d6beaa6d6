-- AlterTable
ALTER TABLE "message" ADD COLUMN     "conversation" TEXT;

-- AlterTable
ALTER TABLE "policy_version" ADD COLUMN     "confirmed_by" TEXT;

-- CreateTable
CREATE TABLE "policy_proposal" (
    "number" SERIAL NOT NULL,
    "base" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "note" TEXT,
    "back_to" INTEGER,
    "comparison" JSON,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "lapses_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "policy_proposal_pkey" PRIMARY KEY ("number")
);

-- CreateIndex
CREATE INDEX "policy_proposal_outcome_idx" ON "policy_proposal"("outcome");

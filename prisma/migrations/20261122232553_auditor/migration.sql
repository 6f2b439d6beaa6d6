-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "due_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "job" ADD COLUMN     "key" TEXT;

-- CreateIndex
CREATE INDEX "approval_status_due_at_idx" ON "approval"("status", "due_at");

-- CreateIndex
CREATE INDEX "approval_status_decided_at_idx" ON "approval"("status", "decided_at");

-- CreateIndex
CREATE UNIQUE INDEX "job_key_key" ON "job"("key");

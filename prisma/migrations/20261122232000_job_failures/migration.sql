-- DropIndex
DROP INDEX "job_due_at_idx";

-- AlterTable
ALTER TABLE "job" ADD COLUMN     "failures" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "job_kind_due_at_idx" ON "job"("kind", "due_at");

-- CreateIndex
CREATE INDEX "job_holder_idx" ON "job"("holder");

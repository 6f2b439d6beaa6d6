-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "subject_id" TEXT,
ADD COLUMN     "subject_type" TEXT;

-- CreateIndex
CREATE INDEX "approval_agent_id_decided_at_tool_idx" ON "approval"("agent_id", "decided_at", "tool");

-- CreateIndex
CREATE INDEX "approval_tool_decided_at_idx" ON "approval"("tool", "decided_at");

-- CreateIndex
CREATE INDEX "approval_agent_id_run_id_idx" ON "approval"("agent_id", "run_id");

-- CreateIndex
CREATE INDEX "approval_subject_type_subject_id_idx" ON "approval"("subject_type", "subject_id");

-- What is there already.
UPDATE "approval" SET "subject_type" = "request"#>>'{subject,type}', "subject_id" = "request"#>>'{subject,id}'
  WHERE "request"#>>'{subject,id}' IS NOT NULL;

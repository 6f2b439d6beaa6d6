-- CreateIndex
CREATE INDEX "approval_agent_id_decided_at_tool_idx" ON "approval"("agent_id", "decided_at", "tool");

-- CreateIndex
CREATE INDEX "approval_tool_decided_at_idx" ON "approval"("tool", "decided_at");

-- CreateIndex
CREATE INDEX "approval_agent_id_run_id_idx" ON "approval"("agent_id", "run_id");

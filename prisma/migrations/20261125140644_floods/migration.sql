-- AlterTable
ALTER TABLE "message" ADD COLUMN     "thread_ts" TEXT;

-- CreateTable
CREATE TABLE "flood" (
    "id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "agent_name" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "most" INTEGER NOT NULL,
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flood_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gathered" (
    "approval_id" TEXT NOT NULL,
    "stage" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "flood_id" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3),

    CONSTRAINT "gathered_pkey" PRIMARY KEY ("approval_id","stage","channel")
);

-- CreateIndex
CREATE INDEX "flood_agent_id_channel_last_at_idx" ON "flood"("agent_id", "channel", "last_at");

-- CreateIndex
CREATE INDEX "gathered_flood_id_idx" ON "gathered"("flood_id");

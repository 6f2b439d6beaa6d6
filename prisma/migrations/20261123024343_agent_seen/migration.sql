-- AlterTable
ALTER TABLE "agent" ADD COLUMN     "last_seen_at" TIMESTAMPTZ(3);

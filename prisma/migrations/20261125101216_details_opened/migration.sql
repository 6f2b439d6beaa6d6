-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "details_opened" JSON NOT NULL DEFAULT '{}';

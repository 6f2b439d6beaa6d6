-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "questions" JSON NOT NULL DEFAULT '[]';

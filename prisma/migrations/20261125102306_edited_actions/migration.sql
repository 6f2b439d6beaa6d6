-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "edited" JSON;

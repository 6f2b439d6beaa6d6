-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "assigned" JSON,
ADD COLUMN     "on_it" JSON;

-- Accounts of an older system that were taken over: a sign-in name is kept for its owner until an invitation
-- opens the account, and the row says ever after that it came from there.
CREATE TABLE former_account (
    person TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE UNIQUE INDEX former_account_login ON former_account (login);

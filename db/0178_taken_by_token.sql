-- What a token fetched last: a run's files once, whatever becomes of the connection; of a producer's own file its bytes.
alter table exports.feed_token add column taken text;

-- The headings of a platform's own workbook: as it was filled in, and as it was when the platform took it.
alter table exports.filling add column heads text[] not null default '{}';
alter table exports.proof add column heads text[] not null default '{}';

-- A row that is in the file all the same, with something that its seller or an operator should look at.
alter table exports.set_aside add column warning boolean not null default false;

-- How many requests each key has made in its minute, counted for all instances together. Lost in a crash, which costs nobody more than a minute's count.
create unlogged table producers.api_minute (
  key_id bigint constraint api_minute_pk primary key constraint api_minute_key_fk references producers.api_key on delete cascade,
  minute bigint not null,
  requests int not null
);

-- What a lot has when it comes to the shelf is its first movement, whoever writes the row.
alter table catalog.lot_stock alter column movements set default 1;

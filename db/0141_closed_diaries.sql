-- When a producer said that the diary of a lot is complete. Work of a later day is refused; what is written down later of a day before is told as that.
alter table origin.lot add column diary_closed_at timestamptz;

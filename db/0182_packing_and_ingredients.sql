-- What platforms and buyers ask of a packed unit, beside what it holds: how many one order may have, what it weighs with its packing, how large it is. Facts of the offer like its price: they are public at once.
alter table catalog.listing
  add column max_units integer,
  add column gross_weight_g bigint constraint listing_gross_weight check (gross_weight_g > 0),
  add column length_cm integer,
  add column width_cm integer,
  add column height_cm integer,
  add constraint listing_max_units check (max_units between min_units and 999),
  add constraint listing_size check (num_nonnulls(length_cm, width_cm, height_cm) in (0, 3) and least(length_cm, width_cm, height_cm) >= 1 and greatest(length_cm, width_cm, height_cm) <= 500);

-- What it is made of is a claim: it goes with the approved version.
alter table producers.product add column ingredients text not null default '' constraint product_ingredients_length check (char_length(ingredients) <= 2000);
alter table catalog.listing_version add column ingredients text not null default '';

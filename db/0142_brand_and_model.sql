-- Brand and model or type of a product, which a passport holds where there are any (Thông tư 02/2024).
alter table producers.product
  add column brand text not null default '' constraint product_brand_length check (char_length(brand) <= 80),
  add column model text not null default '' constraint product_model_length check (char_length(model) <= 80);

-- What delivery costs and when it arrives is part of an offer: the page of a product says it before there is an order.
alter table orders.delivery_terms set schema catalog;
alter table orders.delivery_rate set schema catalog;

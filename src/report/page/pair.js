// pair

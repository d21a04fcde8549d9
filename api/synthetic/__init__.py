"""Made-up cases in great number, played in virtual time through the operations that pages and REST use.

What happens in them is data beside a pack (`synthetic.toml`); here it is only drawn by a seed and told in order.
"""

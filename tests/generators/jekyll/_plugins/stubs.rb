# Tags of plugins that the fixture uses.
Liquid::Template.register_tag("gist", Class.new(Liquid::Tag))
Liquid::Template.register_tag("callout", Class.new(Liquid::Block))
Liquid::Template.register_tag("seen", Class.new(Liquid::Tag))
